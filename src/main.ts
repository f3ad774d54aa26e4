#!/usr/bin/env node
// The entry: nothing here may need more than an old Node has, so that it can say what is missing.
const oldest = 22;
const major = Number(process.versions.node.split('.')[0]);

if (major < oldest) {
  process.stderr.write(
    `drillbook needs Node ${oldest} or newer, and this is Node ${process.versions.node}: install a newer one, or start it with npm start in its folder.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
}

export {};
