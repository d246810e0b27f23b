/** Frees the memory of bytes that nobody reads any more, where it is theirs alone. What lies outside the heap is freed by the collector otherwise,
 *  which goes through all of the heap for some tens of megabytes of it. They have no bytes from then on. */
export function giveBack({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (byteOffset === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer)
    buffer.transfer(0);
}
