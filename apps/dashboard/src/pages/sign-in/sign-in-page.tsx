import type { DashboardSessionResource } from "@sluice/core"
import { useMutation } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { signIn } from "../../app/session.ts"
import { Button } from "../../kit/button.tsx"
import { TextField } from "../../kit/field.tsx"
import { Icon } from "../../kit/icon.tsx"
import "./sign-in-page.css"

/** Exchanges an API key for a session. What the key may do decides what is shown. */
export function SignInPage({ onSignedIn }: { readonly onSignedIn: (session: DashboardSessionResource) => void }) {
  const [key, setKey] = useState("")
  const { mutate, isPending, error } = useMutation({ mutationFn: () => signIn(key), onSuccess: onSignedIn })
  useEffect(() => {
    document.title = "Sign in · Sluice"
  }, [])
  return (
    <main className="sign-in">
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <h1 className="brand">
          <Icon name="sluice" /> Sluice
        </h1>
        <TextField
          label="API key"
          type="password"
          autoComplete="current-password"
          placeholder="sk_…"
          isRequired
          value={key}
          onChange={setKey}
          hint="The session lasts 12 hours, or as long as the key. What the key may do decides what you see."
        />
        {error && (
          <p className="bad" role="alert">
            {error.message}
          </p>
        )}
        <Button type="submit" tone="primary" isBusy={isPending} disabled={key.trim() === ""}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
