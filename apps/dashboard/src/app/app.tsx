import { RouterProvider } from "@tanstack/react-router"
import { useMemo } from "react"
import { createAppRouter } from "./routes.tsx"
import { useSession } from "./session.ts"

/** The pages, for whoever is signed in. */
export function App() {
  const session = useSession()
  const router = useMemo(() => createAppRouter({ session }), [session])
  return <RouterProvider router={router} />
}
