// Builds the widget (`widget`), its tests (`tests`), or checks that the committed widget is what the source gives (`verify`).
import { build, transform } from "esbuild";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SHIPPED = fileURLToPath(new URL("../static/widget.js", import.meta.url));
const MOST_GZIP = 30 * 1024; // bytes a visitor of a portal has to load
// Chromium 87 is under the browsers common in Chinese offices; older ones lack nothing but the newest syntax.
const TARGET = ["chrome87", "edge88", "firefox98", "safari15.4"];

/** Style sheets become strings, minified, for adoptedStyleSheets. */
const styles = {
  name: "styles",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const common = { absWorkingDir: HERE, bundle: true, format: "esm", charset: "utf8", logLevel: "warning", plugins: [styles] };

async function widget() {
  const result = await build({
    ...common,
    entryPoints: ["src/main.ts"],
    target: TARGET,
    minify: true,
    legalComments: "none",
    banner: { js: "/* zhengwen chat widget, Apache-2.0. Made from api/widget; do not edit. */" },
    write: false,
  });
  const [file] = result.outputFiles;
  const size = gzipSync(file.contents, { level: 9 }).length;
  console.log(`widget.js: ${file.contents.length} bytes, ${size} gzipped`);
  if (size > MOST_GZIP) throw new Error(`the widget has ${size} bytes gzipped; at most ${MOST_GZIP} are allowed`);
  return Buffer.from(file.contents);
}

async function tests() {
  await rm(`${HERE}build/tests`, { recursive: true, force: true });
  const names = (await readdir(`${HERE}test`)).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: "build/tests",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
  });
}

async function verify() {
  const [built, shipped] = [await widget(), await readFile(SHIPPED)];
  if (!built.equals(shipped)) throw new Error("api/static/widget.js is not what api/widget/src gives. Run `npm run build` and commit it");
}

const tasks = { widget: async () => writeFile(SHIPPED, await widget()), tests, verify };
const task = tasks[process.argv[2]];
if (!task) throw new Error(`say what to do: ${Object.keys(tasks).join(", ")}`);
await task();
