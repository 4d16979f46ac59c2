/** Any coordination server of Tailscale, its own or Headscale, names the page in these words: `AuthURL` is its JSON. */
const afterWords =
  /(\b(?:auth ?url(?: is)?|to authenticate, visit|log in at)"?\s*[:=]?[\s#]*"?)https?:\/\/[^\s"'<>]+/gi
/** Tailscale's own pages and others'; Headscale's, `https://headscale.example.com/register/…`. */
const byItself =
  /https:\/\/login\.[\w.-]+\/[^\s"'<>]+|https?:\/\/[^\s"'<>]{1,200}\/register\/[^\s"'<>]+/gi

/** Takes out the pages that let whoever opens them in, or a machine into their tailnet. */
export function withoutLoginAddresses(text: string, standIn: string): string {
  return text.replaceAll(afterWords, `$1${standIn}`).replaceAll(byItself, standIn)
}
