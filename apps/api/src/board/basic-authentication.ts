import type { ErrorRequestHandler, RequestHandler } from "express"
import { Problem } from "../problems/problem.ts"

const basic = /^Basic +([A-Za-z0-9+/=]+) *$/i

/**
 * Lets a browser in, which can send a key only as the password of HTTP basic authentication (RFC 7617); the user's name does
 * not matter. Goes before `authentication`.
 */
export function passwordAsKey(): RequestHandler {
  return function readPassword(request, _response, next) {
    const encoded = basic.exec(request.headers.authorization ?? "")?.[1] ?? ""
    const [, password] = /^[^:]*:(.+)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? []
    if (password !== undefined) request.headers.authorization = `Bearer ${password}`
    next()
  }
}

/** Has the browser ask for the key when `authentication` has refused. */
export function askForPassword(): ErrorRequestHandler {
  return function challengeBrowser(error: unknown, _request, _response, next) {
    if (!(error instanceof Problem) || error.code !== "unauthenticated") return next(error)
    const detail = `${error.message} In a browser: any user name, and the admin key as the password.`
    const headers = { "WWW-Authenticate": 'Basic realm="Sluice", charset="UTF-8"' }
    next(new Problem({ code: "unauthenticated", detail, headers }))
  }
}
