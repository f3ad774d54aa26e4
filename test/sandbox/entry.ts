import { sandbox, sandboxApplication, sandboxSupervisor, simulated } from '../../src/cli/sandbox.ts';

/** The hidden commands and `sandbox`, as the binary routes them. */
const [command, ...args] = process.argv.slice(2);
const code = await (command === '__sandbox-application'
  ? sandboxApplication(args)
  : command === '__sandbox-supervisor'
    ? sandboxSupervisor(args)
    : command === '__simulated'
      ? simulated(args)
      : sandbox(process.argv.slice(2))
).catch((error: Error) => {
  process.stderr.write(`${error.name === 'Refusal' ? error.message : error.stack}\n`);
  return (error as { code?: number }).code ?? 1;
});
process.exit(code);
