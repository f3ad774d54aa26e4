import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createCluster,
  runningServer,
  startServer,
  stopServer,
  writeMarker,
} from '../../src/sandbox/cluster.ts';
import { connected } from '../../src/sandbox/connection.ts';
import { embeddedPackage, embeddedServer } from '../../src/sandbox/embedded.ts';
import { findPlace, removeSocketFolder } from '../../src/sandbox/place.ts';
import { holder, serverPrograms } from '../../src/sandbox/programs.ts';
import { seed } from '../../src/sandbox/sample/seed.ts';
import { removeAll, temporaryFolder } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeAll(folder));

const packaged = embeddedPackage();

test.skipIf(packaged === undefined)(
  'the server of the optional package makes the sample and is stopped',
  async () => {
    const place = await findPlace(join(folder, 'home'));
    const server = await holder(
      await embeddedServer(packaged ?? '', place.cluster, place.account),
      serverPrograms,
    );
    if (server === undefined) throw new Error('the packaged server does not run here');
    const programs = { server, clients: server };
    await writeMarker(place, { stage: 'initialising', major: server.major, edition: 0 });
    await createCluster(place, programs);
    await startServer(place, programs);
    try {
      await seed(place, new Date().toISOString());
      const { rows } = await connected(place, 'postgres', (client) =>
        client.query<{ major: number }>("SELECT current_setting('server_version_num')::int / 10000 AS major"),
      );
      expect(rows).toEqual([{ major: server.major }]);
      expect(await runningServer(place)).toBeGreaterThan(1);
    } finally {
      await stopServer(place);
      await removeSocketFolder(place);
    }
    expect(await runningServer(place)).toBeUndefined();
  },
);
