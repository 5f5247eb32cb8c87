import type { RequestHandler } from "express"
import helmet from "helmet"

/**
 * For the pages of the queue board: scripts, data and pictures from here alone. Its styles are partly written by its own
 * scripts, so inline styles have to be allowed; the fonts that it would fetch from elsewhere are not.
 */
export function boardHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xPoweredBy: false,
  })
}
