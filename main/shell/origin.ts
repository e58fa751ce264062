// The address of the studio's page: whoever speaks from another one is nobody.
export const scheme = 'anywhere'
export const studioOrigin = `${scheme}://studio`

/** Whether a URL (or an origin) is the studio's own. */
export function isStudioUrl(url: string): boolean {
  return url === studioOrigin || url.startsWith(`${studioOrigin}/`)
}
