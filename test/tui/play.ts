import { openTui } from '../../src/tui/app.tsx';
import { loadSyntax } from '../support/syntax.ts';
import { scenes } from './scenes.ts';

/** Plays a scene at a real terminal: `node play.mjs <scene>`. The exit code is that of the screens. */
const scene = scenes[process.argv[2] ?? 'first'];
if (!scene) throw new Error('no such scene');
await loadSyntax();
const { house, options } = scene();
process.exitCode = await openTui(house, options);
