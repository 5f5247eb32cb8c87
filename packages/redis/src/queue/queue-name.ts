/**
 * The BullMQ queue of a route. The braces are a Redis Cluster hash tag: all keys of a queue live in one slot. `route-` keeps
 * route names apart from the queues that are not for a route.
 */
export function routeQueueName(route: string): string {
  return `{route-${route}}`
}
