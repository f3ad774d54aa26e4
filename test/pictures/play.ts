import { openTui } from '../../src/tui/app.tsx';
import { loadSyntax } from '../support/syntax.ts';
import { scenes } from './scenes.ts';

/** Plays a scene at a real terminal: `node play.mjs <scene>`. */
const scene = scenes[process.argv[2] ?? ''];
if (!scene) throw new Error('no such scene');
await loadSyntax();
const { house, options } = scene();
process.exitCode = await openTui(house, options);
