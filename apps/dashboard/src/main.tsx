import { QueryClientProvider } from "@tanstack/react-query"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { App } from "./app/app.tsx"
import { createQueryClient } from "./app/query-client.ts"
import { SessionGate } from "./app/session-gate.tsx"
import { applyStoredTheme } from "./app/theme.ts"
import { ToastProvider } from "./kit/toast.tsx"
import "./styles/tokens.css"
import "./styles/base.css"

applyStoredTheme()
const root = document.getElementById("root")
if (root === null) throw new Error("The page has no element #root.")
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <ToastProvider>
        <SessionGate>
          <App />
        </SessionGate>
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
)
