// What a page is built of, apart from its words and numbers, and from how often an element is repeated in a row: whatever
// axe-core can find fault with. Words differ by whether there are any.
() => {
    const number = /\d+/g
    const state = (element) =>
        [element.checked, element.disabled, element.open, element.selected, element.hidden].map(Number).join("")

    const attributes = (element) =>
        [...element.attributes]
            .map(({ name, value }) => {
                if (["href", "action", "src", "value", "content", "csrfmiddlewaretoken"].includes(name)) return name
                return `${name}=${value.replace(number, "N").replace(/[\u3000-\uffef]+/g, "W")}`
            })
            .join(" ")

    const built = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "W" : ""
        if (node.nodeType !== Node.ELEMENT_NODE) return ""
        const parts = [...node.childNodes].map(built).filter(Boolean)
        const once = parts.filter((part, place) => part !== parts[place - 1])
        return `<${node.localName} ${attributes(node)} ${state(node)}>${once.join("")}</>`
    }

    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id)
    const named = ["for", "aria-labelledby", "aria-describedby", "aria-controls"].flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(/\s+/))
    )
    const lost = [ids.length - new Set(ids).size, named.filter((id) => id && !document.getElementById(id)).length]
    const screen = [innerWidth, innerHeight, devicePixelRatio]
    const modes = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)", "print"]
    return [...screen, ...lost, ...modes.map((mode) => matchMedia(mode).matches), built(document.documentElement)].join(" ")
}
