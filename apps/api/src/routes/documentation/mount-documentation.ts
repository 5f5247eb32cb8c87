import { configurationSchemaPath } from "@sluice/core"
import type { IRouter } from "express"
import { mount } from "../resource.ts"
import { configurationSchemaHandler } from "./configuration-schema-handler.ts"
import { docsHandler } from "./docs-handler.ts"
import { docsScriptHandler, docsScriptPath } from "./docs-script.ts"
import { openapiHandler } from "./openapi-handler.ts"
import { problemPageHandler } from "./problem-pages.ts"

/** What describes the API. It needs no key: it says nothing of what an installation holds. */
export function mountDocumentation(router: IRouter): void {
  mount(router, { path: "/", get: [(_request, response) => response.redirect("/docs")] })
  mount(router, { path: "/openapi.json", get: [openapiHandler()] })
  mount(router, { path: "/docs", get: [docsHandler()] })
  mount(router, { path: docsScriptPath, get: [docsScriptHandler()] })
  mount(router, { path: configurationSchemaPath, get: [configurationSchemaHandler()] })
  mount(router, { path: "/problems/:code", get: [problemPageHandler()] })
}
