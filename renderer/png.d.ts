/** A picture that the build copies beside the page; its address. */
declare module '*.png' {
  const url: string
  export default url
}
