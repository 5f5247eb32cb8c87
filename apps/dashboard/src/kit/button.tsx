import type { ButtonHTMLAttributes } from "react"
import "./button.css"

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className" | "style"> {
  /** `primary`: what the page is for, once on a page. `danger`: what cannot be taken back. */
  readonly tone?: "plain" | "primary" | "danger" | "quiet"
  readonly isBusy?: boolean
}

export function Button({ tone = "plain", isBusy = false, type = "button", disabled, children, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={`button button-${tone}`} disabled={disabled === true || isBusy} aria-busy={isBusy}>
      {children}
    </button>
  )
}
