import { type EffectClass, effectClasses } from './effect.ts';

/** How bad a class is, for comparison: reads 0, changes 1, unknown 2, destroys 3. */
export function severity(of: EffectClass): number {
  return effectClasses.indexOf(of);
}

/** The worst of some classes; `reads` where there are none. */
export function worst(classes: Iterable<EffectClass>): EffectClass {
  let found: EffectClass = 'reads';
  for (const each of classes) if (severity(each) > severity(found)) found = each;
  return found;
}
