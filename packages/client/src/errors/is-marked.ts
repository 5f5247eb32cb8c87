/** Whether an error has a class's mark. Unlike `instanceof` it also knows the errors of another copy of this package. */
export function isMarked(error: unknown, marker: symbol): boolean {
  return typeof error === "object" && error !== null && marker in error
}
