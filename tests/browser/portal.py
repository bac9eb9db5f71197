"""Pages of an imaginary portal that embed the widget, on an origin of their own."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SCRIPT = '<script type="module" src="{service}/widget.js" data-site="{site}"{more}></script>'
BODY = (
    '<h1>平台</h1><p id="own">本页自己的文字，<a href="#x">链接</a>。</p><button id="mine">本页按钮</button>'
)
FRAME = '<iframe title="政策问答" src="{service}/embed?site={site}" width="400" height="640"></iframe>'

# Everything at once that style sheets of portals do to `*`.
HOSTILE_CSS = """
* { all: unset !important; font-size: 60px !important; color: #f0f !important;
  letter-spacing: 20px !important }
body * { display: none !important;
  visibility: hidden !important; opacity: 0 !important;
  position: static !important; transform: rotate(9deg) scale(.2) !important;
  pointer-events: none !important }
button, textarea, dialog, p, div, span, q, svg { background: #0f0 !important;
  border: 9px dotted red !important;
  width: 3px !important;
  height: 3px !important; float: left !important; text-transform: uppercase !important }
zhengwen-chat { display: none !important; zoom: 3; font: 60px serif !important; line-height: 0 !important }
html, body, head { display: block !important; writing-mode: horizontal-tb !important }
html { direction: rtl !important; font-size: 60px !important; word-spacing: 30px !important }
"""
LAYOUT = """
body { margin: 0 }
main { display: flex; height: 700px }
zhengwen-chat { flex: 1; max-width: 500px; height: auto; margin: 20px; line-height: 0; font-size: 60px }
"""
STRICT = (
    "default-src 'none'; script-src {service}; connect-src {service}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Portal:
    """`service` is the address of the service whose widget is embedded, `site` the portal's key there."""

    def __init__(self, service: str, site: str) -> None:
        self._service, self._site = service, site
        self.app = Starlette(
            routes=[
                Route("/style.css", lambda _: Response(HOSTILE_CSS, media_type="text/css")),
                Route("/{name}", self._page),
            ]
        )

    async def _page(self, request: Request) -> Response:
        query = request.query_params
        more = "".join(f' data-{name}="{value}"' for name, value in query.items() if name != "pagelang")
        script = SCRIPT.format(service=self._service, site=self._site, more=more)
        headers: dict[str, str] = {}
        body, head = BODY, script
        match request.path_params["name"]:
            case "hostile":
                head = f'<link rel="stylesheet" href="style.css">{script}'
            case "strict":
                headers["Content-Security-Policy"] = STRICT.format(service=self._service)
            case "framed":
                headers["Content-Security-Policy"] = f"default-src 'none'; frame-src {self._service}"
                head = ""
                body += FRAME.format(service=self._service, site=self._site)
            case "laid-out":
                head = f'<script type="module" src="{self._service}/widget.js"></script>'
                body = f'<style>{LAYOUT}</style><zhengwen-chat mode="inline"></zhengwen-chat>'
            case "redirected":
                head = script.replace("/widget.js", "/moved/widget.js")
            case "two":
                head = f'<script type="module" src="{self._service}/widget.js"></script>'
                body += '<zhengwen-chat id="a" mode="inline"></zhengwen-chat>'
                body += '<zhengwen-chat id="b" mode="inline"></zhengwen-chat>'
        lang = query.get("pagelang", "zh-CN")
        html = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>平台</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
            f"<body><main>{body}</main></body></html>"
        )
        return Response(html, media_type="text/html", headers=headers)
