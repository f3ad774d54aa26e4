import type { ObjectStore } from '../backup/object-store.ts';

/** Opens a folder or an object store (`s3://…`) by its address. Clients are loaded when one is opened. */
export async function objectsAt(address: string, environment: NodeJS.ProcessEnv): Promise<ObjectStore> {
  const { isRemote, openObjects } = await import('../backup/stores/open.ts');
  if (isRemote(address)) return openObjects(address, environment);
  const { folderObjects } = await import('../incident/folder-objects.ts');
  return folderObjects(address);
}
