import type { Account } from './account.ts';
import { embeddedPackage, embeddedServer, embeddedVersion } from './embedded.ts';
import { installationAdvice, type Missing, systemRelease } from './installation.ts';
import {
  choosePair,
  clientPrograms,
  holder,
  holders,
  type ProgramFolder,
  type Programs,
  programFolders,
  serverPrograms,
} from './programs.ts';

export type Toolchain =
  | { readonly kind: 'found'; readonly programs: Programs }
  /** The sentence says what is missing and what to install on this system. */
  | { readonly kind: 'missing'; readonly sentence: string };

export interface ToolchainQuestion {
  readonly env: NodeJS.ProcessEnv;
  /** Folder in which an embedded server may be copied. */
  readonly copies: string;
  readonly account?: Account | undefined;
  /** Major version of the cluster that exists already. */
  readonly preferredMajor?: number | undefined;
  /** Folders to look in instead of those of this system. */
  readonly folders?: readonly string[];
  /** Package with the embedded server; null for none. */
  readonly embedded?: string | null;
}

/**
 * Finds a server and client tools that fit each other: on this system, else the server of the optional package. The
 * package has no client tools, so without some on the system there is no sandbox.
 */
export async function findToolchain(question: ToolchainQuestion): Promise<Toolchain> {
  const folders = question.folders ?? (await programFolders(question.env));
  const [servers, clients] = await Promise.all([
    holders(folders, serverPrograms),
    holders(folders, clientPrograms),
  ]);
  const pair = choosePair(servers, clients, question.preferredMajor);
  if (pair) return { kind: 'found', programs: pair };

  const packaged = question.embedded === undefined ? embeddedPackage() : (question.embedded ?? undefined);
  const version = packaged ? await embeddedVersion(packaged) : undefined;
  if (packaged && version && clients.some((c) => c.major >= version.major)) {
    const folder = await embeddedServer(packaged, question.copies, question.account);
    const server = await holder(folder, serverPrograms);
    const embeddedPair = server && choosePair([server], clients);
    if (embeddedPair) return { kind: 'found', programs: embeddedPair };
  }
  const missing = whatIsMissing(servers, clients, version?.version);
  return {
    kind: 'missing',
    sentence: installationAdvice(missing, process.platform, await systemRelease()),
  };
}

function whatIsMissing(
  servers: readonly ProgramFolder[],
  clients: readonly ProgramFolder[],
  packaged: string | undefined,
): Missing {
  const server = servers[0]?.version ?? packaged;
  const tools = clients[0]?.version;
  if (server && tools) return { kind: 'none-fits', server, clients: tools };
  if (server) return { kind: 'no-clients', server };
  if (tools) return { kind: 'no-server', clients: tools };
  return { kind: 'nothing-found' };
}
