import type { Catalog } from "@sluice/engine"
import type { RequestHandler } from "express"
import type { OpenAI } from "openai"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { modelNotFound, routesServing } from "./resolve-model.ts"

export interface ModelHandlerDependencies {
  readonly catalog: () => Catalog
}

/** `GET /openai/v1/models`: the routes, since those are what a request names. */
export function listModelsHandler({ catalog }: ModelHandlerDependencies): RequestHandler {
  return function handleListModels(request, response) {
    assertNoQuery(request.url)
    sendResource(request, response, { object: "list", data: Object.keys(catalog().routes).map(modelOf) })
  }
}

/** `GET /openai/v1/models/{model}`: a route, or a model that a request may name instead of the one route that serves it. */
export function getModelHandler({ catalog }: ModelHandlerDependencies): RequestHandler {
  return function handleGetModel(request, response) {
    assertNoQuery(request.url)
    const { model } = request.params
    const current = catalog()
    if (typeof model !== "string") throw modelNotFound("The address names no model.")
    if (!Object.hasOwn(current.routes, model) && routesServing(current, model).length !== 1) {
      throw modelNotFound(`The model '${model}' does not exist. GET /openai/v1/models lists what there is.`)
    }
    sendResource(request, response, modelOf(model))
  }
}

/** When a route was made is written nowhere. */
function modelOf(id: string): OpenAI.Model {
  return { id, object: "model", created: 0, owned_by: "sluice" }
}
