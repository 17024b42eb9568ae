// What is measured inside the page. Each function runs in the browser and stands by itself.

export interface Box {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The boxes of all elements that a selector names, in the page's own coordinates. */
export const boxesOf = (selector: string): ReadonlyArray<Box> =>
  [...document.querySelectorAll(selector)].map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect()
    const [x, y] = [window.scrollX, window.scrollY]
    return {
      text: one.textContent ?? '',
      left: left + x,
      right: right + x,
      top: top + y,
      bottom: bottom + y,
    }
  })

/** How much wider the page is than its window. */
export const overflowOf = (): number =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth

/** Every element that can be moved sideways, and how a keyboard and a screen reader come to it. */
export const scrollersOf = (): ReadonlyArray<{
  readonly tabIndex: number
  readonly role: string | null
  readonly name: string | null
}> =>
  [...document.querySelectorAll('*')].flatMap((one) => {
    const { overflowX } = getComputedStyle(one)
    const isMoved = one.scrollWidth > one.clientWidth && ['auto', 'scroll'].includes(overflowX)
    return isMoved && one instanceof HTMLElement
      ? [
          {
            tabIndex: one.tabIndex,
            role: one.getAttribute('role'),
            name: one.getAttribute('aria-label'),
          },
        ]
      : []
  })

/** What has the focus: a link by where it leads, anything else by its name. */
export const focusedOn = (): string => {
  const one = document.activeElement
  if (one === null || one === document.body) return ''
  return one.getAttribute('href') ?? one.getAttribute('aria-label') ?? one.textContent ?? ''
}

/** Everything that a keyboard should come to, in the order of the page. */
export const stopsOf = (): ReadonlyArray<string> =>
  [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].map(
    (one) => one.getAttribute('href') ?? one.getAttribute('aria-label') ?? one.textContent ?? '',
  )
