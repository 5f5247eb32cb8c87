declare global {
  namespace Express {
    interface Locals {
      /** Names this request in the answer's `x-request-id`, in problems and in the logs. */
      requestId: string
      /** Whom the key acts for. Set by `authentication`, so only on routes that need a key. */
      tenantId: string
    }
  }
}

export {}
