import type { RequestHandler } from "express"
import { nothingHere } from "../problems/problem-of.ts"

/** The last of the chain: no route had the address. */
export function notFound(): RequestHandler {
  return function respondNotFound() {
    throw nothingHere()
  }
}
