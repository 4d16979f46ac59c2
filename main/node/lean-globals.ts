/**
 * Puts empty classes in the place of two web classes that libraries only compare with: oRPC asks of each message whether it is a
 * FormData, ollama whether headers are Headers. Node loads the real ones at the first mention, and with them the whole of undici:
 * 12 MB of memory for as long as the app runs, for an answer that is always no. Requests to model servers go through
 * `hosts/http.ts`. Whoever makes one of the two after this gets an object without its methods, and a TypeError.
 *
 * Not for Electron, which makes Headers itself when it hands out the page.
 */
export function leanGlobals(): void {
  // plain assignments: to define a property is to look at the old one, which loads it
  globalThis.FormData = class {} as typeof FormData
  globalThis.Headers = class {} as typeof Headers
}
