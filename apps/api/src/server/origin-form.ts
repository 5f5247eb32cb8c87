/**
 * A request's target as path and query (RFC 9112, 3.2). Proxies may send a whole URL, which names the same. Whatever else
 * comes is made a path that no route has: Express would answer it past all middleware.
 */
export function originForm(target: string): string {
  if (target.startsWith("/")) return target
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null
  return url === null ? `/${target}` : url.pathname + url.search
}
