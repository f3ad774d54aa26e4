import { openSandbox } from '../../src/sandbox/sandbox.ts';

/**
 * A process that owns a sandbox: prints a line of JSON when it stands, then does what the lines on its stdin say:
 * `close` gives it up and ends.
 */
const [home = '', entry = ''] = process.argv.slice(2);
const sandbox = await openSandbox({
  home,
  owner: 'process',
  entry,
  onProgress: (text) => process.stderr.write(`${text}\n`),
});
process.stdout.write(`${JSON.stringify({ variables: sandbox.variables, path: sandbox.path })}\n`);
for await (const line of process.stdin) {
  if (String(line).trim() === 'close') {
    await sandbox.close();
    process.exit(0);
  }
}
