import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopServer } from './cluster.ts';
import { digest, type Place, removeSocketFolder } from './place.ts';
import { readRecord } from './record.ts';

/**
 * Removes clusters outside of their homes whose home is gone: nobody would ever find them again. Their
 * servers are stopped first.
 */
export async function removeOrphans(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (const above of new Set(['/var/lib', tmpdir(), '/tmp'])) {
    for (const name of await readdir(above).catch((): string[] => [])) {
      if (!/^drillbook-sandbox-[0-9a-f]{10}$/.test(name)) continue;
      const cluster = join(above, name);
      if ((await lstat(cluster)).uid !== 0) continue;
      const marker = await readRecord<{ home?: string }>(join(cluster, 'sandbox.json'));
      if (!marker?.home || digest(marker.home) !== name.slice(-10)) continue;
      if (await lstat(marker.home).catch(() => undefined)) continue;
      const socket = join(tmpdir(), `drillbook-0-${name.slice(-10)}`);
      const place: Place = {
        home: marker.home,
        cluster,
        data: join(cluster, 'data'),
        socket,
        store: join(marker.home, 'store'),
        account: undefined,
      };
      await stopServer(place);
      await removeSocketFolder(place);
      await rm(cluster, { recursive: true, force: true });
    }
  }
}
