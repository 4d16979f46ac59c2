// What the page and its libraries use of a newer Chromium than 108. Only in builds for that one.

// Chromium 110
Array.prototype.toSorted ??= function (compare) {
  return [...this].sort(compare)
}
Array.prototype.toReversed ??= function () {
  return [...this].reverse()
}
Array.prototype.toSpliced ??= function (...args) {
  const copy = [...this]
  copy.splice(...args)
  return copy
}
Array.prototype.with ??= function (index, value) {
  const copy = [...this]
  copy[index < 0 ? copy.length + index : index] = value
  return copy
}
// Chromium 116
AbortSignal.any ??= (signals) => {
  const either = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason)
    else signal.addEventListener('abort', () => either.abort(signal.reason), { once: true })
  }
  return either.signal
}
// Chromium 117
Object.groupBy ??= (items, keyOf) => {
  const groups = Object.create(null)
  for (const item of items) {
    const key = keyOf(item)
    groups[key] ??= []
    groups[key].push(item)
  }
  return groups
}
// Chromium 119
Promise.withResolvers ??= () => {
  let resolve
  let reject
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
// Chromium 128
Promise.try ??= (run, ...args) => new Promise((resolve) => resolve(run(...args)))
