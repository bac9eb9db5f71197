# The commands are those of README.md, "Set-up". docs/operate.md says how to run it.
FROM python:3.12-slim

# Without a GPU pip takes the CPU build of torch and not gigabytes of CUDA packages.
ENV PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu \
    PIP_NO_CACHE_DIR=1

RUN useradd --system --uid 10001 --user-group --no-create-home zhengwen \
    && install --directory --owner=zhengwen --group=zhengwen /var/lib/zhengwen /var/cache/zhengwen

WORKDIR /opt/zhengwen
# The dependencies first: this layer is kept while only the source changes. Of the packages there is nothing
# yet, and of README.md, which pyproject.toml names, an empty file is enough.
COPY pyproject.toml constraints.txt LICENSE ./
RUN touch README.md
RUN python -m venv .venv && .venv/bin/pip install -c constraints.txt -e .
# Further parts, such as `postgres` or `postgres,ocr`: `docker build --build-arg EXTRAS=postgres .`
ARG EXTRAS=""
RUN test -z "$EXTRAS" || .venv/bin/pip install -c constraints.txt -e ".[$EXTRAS]"
COPY . .
RUN .venv/bin/pip install --no-deps -e .

ENV PATH=/opt/zhengwen/.venv/bin:$PATH \
    ZHENGWEN_DATA_DIR=/var/lib/zhengwen \
    ZHENGWEN_CACHE_DIR=/var/cache/zhengwen \
    ZHENGWEN_SERVER__HOST=0.0.0.0

USER 10001
# Converts the embedding model and builds the index, so that a start needs neither network nor patience.
RUN .venv/bin/zhengwen ask "我们首次拿到创新药注册批件，湖南能奖多少钱？"

# Papers, index, conversations, receipts and sites; the converted model is part of the image.
VOLUME /var/lib/zhengwen
EXPOSE 8000
# Without the proxy that the environment may name, which does not reach this address.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:8000/ready', timeout=4)"]
CMD ["zhengwen", "serve"]
