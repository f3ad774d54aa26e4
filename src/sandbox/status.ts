import { urlOf } from './address.ts';
import { inMaintenance, isStopped, type Listening, listeningRecord } from './application.ts';
import { readMarker, runningServer } from './cluster.ts';
import { companion } from './companion.ts';
import { answers } from './connection.ts';
import { owners } from './owners.ts';
import { knownPlace } from './place.ts';
import { readRecord } from './record.ts';
import { database } from './sample/seed.ts';

/** What runs of a sandbox, and where it is. */
export interface SandboxStatus {
  readonly state: 'absent' | 'stopped' | 'half-made' | 'running' | 'partly-running';
  readonly home: string;
  readonly cluster?: string;
  readonly socket?: string;
  readonly store?: string;
  readonly major?: number;
  /** UTC ISO 8601. */
  readonly seededAt?: string;
  readonly server?: { readonly pid: number; readonly answers: boolean };
  readonly application?: {
    readonly pid: number;
    readonly url: string;
    readonly maintenance: boolean;
    /** Stopped by a provider's command; its process runs and answers 502. */
    readonly stopped: boolean;
  };
  readonly supervisor?: { readonly pid: number };
  /** Process numbers of those who need it now. */
  readonly owners: readonly number[];
  /** It stays until it is stopped. */
  readonly standing: boolean;
  readonly url?: string;
}

/** Looks, and changes nothing. */
export async function sandboxStatus(home: string): Promise<SandboxStatus> {
  const place = await knownPlace(home);
  if (place === undefined) return { state: 'absent', home, owners: [], standing: false };
  const [marker, pid, application, supervisor, needed, listening, maintenance, stopped] = await Promise.all([
    readMarker(place),
    runningServer(place),
    companion(place.home, 'application'),
    companion(place.home, 'supervisor'),
    owners(place.home),
    readRecord<Listening>(listeningRecord(place.home)),
    inMaintenance(place.home),
    isStopped(place.home),
  ]);
  const alive = pid !== undefined && (await answers(place));
  const state = (): SandboxStatus['state'] => {
    if (marker === undefined) return 'absent';
    if (marker.stage !== 'ready') return 'half-made';
    if (alive && application) return 'running';
    return pid !== undefined || application ? 'partly-running' : 'stopped';
  };
  return {
    state: state(),
    home: place.home,
    cluster: place.cluster,
    socket: place.socket,
    store: place.store,
    ...(marker && { major: marker.major }),
    ...(marker?.seededAt && { seededAt: marker.seededAt }),
    ...(pid !== undefined && { server: { pid, answers: alive } }),
    ...(application &&
      listening?.pid === application.pid && {
        application: {
          pid: application.pid,
          url: `http://127.0.0.1:${listening.port}`,
          maintenance,
          stopped,
        },
      }),
    ...(supervisor && { supervisor: { pid: supervisor.pid } }),
    owners: [...new Set(needed.processes.map((p) => p.pid))],
    standing: needed.standing,
    ...(alive && { url: urlOf(place, database) }),
  };
}
