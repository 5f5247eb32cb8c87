/**
 * Whether one more endpoint of a pool may be ejected. As with Envoy's `max_ejection_percent` at most half of a pool is, so
 * that endpoints which still answer some calls stay in use when all are troubled; a pool of one may lose its only endpoint.
 * One that answers nobody is ejected whatever the others do: keeping it would help no call.
 */
export function mayEject(options: { readonly poolSize: number; readonly othersEjected: number; readonly isDead: boolean }): boolean {
  const { poolSize, othersEjected, isDead } = options
  return isDead || poolSize < 2 || othersEjected + 1 <= Math.floor(poolSize / 2)
}
