import type { Request, Response } from "express"

const cookieName = "sluice_session"

/** The session's text as the browser sent it; null when it sent none. */
export function readSessionCookie({ headers: { cookie = "" } }: Request): string | null {
  for (const pair of cookie.split(";")) {
    const [name, value = ""] = pair.trim().split("=", 2)
    if (name === cookieName && value !== "") return value
  }
  return null
}

export function setSessionCookie(request: Request, response: Response, { text, maxAgeMs }: { text: string; maxAgeMs: number }): void {
  response.cookie(cookieName, text, { ...attributesFor(request), maxAge: maxAgeMs })
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(cookieName, attributesFor(request))
}

/**
 * Not for scripts, and never sent along by other sites. `Secure` where the browser came over TLS, which a proxy in front says; who says
 * so falsely only gets a cookie that is guarded better.
 */
function attributesFor(request: Request) {
  const isTls = request.secure || request.headers["x-forwarded-proto"] === "https"
  return { httpOnly: true, sameSite: "strict", secure: isTls, path: "/" } as const
}
