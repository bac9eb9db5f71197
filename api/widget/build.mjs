// Builds the widget (`widget`), its tests (`tests`), or checks that the committed widget is what the source gives (`verify`).
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const STATIC = fileURLToPath(new URL("../static/", import.meta.url));
// Bytes that a visitor of a portal has to load; for the form “能申请什么” only one who opens it.
const MOST_GZIP = { "widget.js": 30 * 1024, "eligibility.js": 15 * 1024 };
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

/** A file of the folder `static`, by its name. */
async function bundle(name, entry, define) {
  const result = await build({
    ...common,
    entryPoints: [entry],
    define,
    target: TARGET,
    minify: true,
    legalComments: "none",
    banner: { js: "/* zhengwen chat widget, Apache-2.0. Made from api/widget; do not edit. */" },
    write: false,
  });
  const [file] = result.outputFiles;
  const size = gzipSync(file.contents, { level: 9 }).length;
  console.log(`${name}: ${file.contents.length} bytes, ${size} gzipped`);
  if (size > MOST_GZIP[name]) throw new Error(`${name} has ${size} bytes gzipped; at most ${MOST_GZIP[name]} are allowed`);
  return Buffer.from(file.contents);
}

/** Both files by name. The widget names the form's with its digest, so that a browser loads the one it was built with. */
async function widget() {
  const form = await bundle("eligibility.js", "src/eligibility/main.ts", {});
  const digest = createHash("sha256").update(form).digest("hex").slice(0, 12);
  const define = { ELIGIBILITY_FILE: JSON.stringify(`static/eligibility.js?v=${digest}`) };
  return { "eligibility.js": form, "widget.js": await bundle("widget.js", "src/main.ts", define) };
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
  for (const [name, built] of Object.entries(await widget())) {
    if (!built.equals(await readFile(STATIC + name))) throw new Error(`api/static/${name} is not what api/widget/src gives. Run \`npm run build\` and commit it`);
  }
}

async function ship() {
  for (const [name, built] of Object.entries(await widget())) await writeFile(STATIC + name, built);
}

const tasks = { widget: ship, tests, verify };
const task = tasks[process.argv[2]];
if (!task) throw new Error(`say what to do: ${Object.keys(tasks).join(", ")}`);
await task();
