/** Methods that the stub has before the script is there; what they are given waits in order. */
const methods =
  'track pageView timeEvent identify alias reset register group consent optOut optIn ' +
  'people.set people.setOnce people.add people.append people.union people.unset';

/**
 * Optional first lines of a page (SDK-I2): `arbor.track(…)` works at once, before the script has loaded or
 * without it, and each event has the time of its call. `arbor.push([…])` of a plain array does the same
 * with the time of loading.
 */
export const stub =
  `!function(w,q){w.arbor||(w.arbor=q=[],q.people={},` +
  `'${methods}'.replace(/(people.)?(\\w+)/g,function(m,p,n){` +
  `(p?q.people:q)[n]=function(a,b,c){` +
  `q.length<500&&q.push([m,a,b,'track'==m?Object.assign({time:Date.now()},c):c])}}))}(window)`;
