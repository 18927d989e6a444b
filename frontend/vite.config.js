// Builds the browser's part into the Django package. Nothing that comes out of here is committed.
import fs from 'node:fs'
import { defineConfig } from 'vite'

const ENTRIES = ['desk', 'phone', 'report', 'tasks', 'plain', 'process', 'wall']
const SERIF = '@fontsource-variable/noto-serif-sc'
const REDISTRIBUTED = ['htmx.org', '@tabler/icons', '@fontsource/barlow-semi-condensed', SERIF, 'bpmn-js'] // and all that is bundled

// Only the icons named in src/icons.json are taken, as SVG children; the server writes them into the page.
function icons () {
  return {
    name: 'icons',
    generateBundle () {
      const all = JSON.parse(fs.readFileSync('node_modules/@tabler/icons/tabler-nodes-outline.json', 'utf8'))
      const names = JSON.parse(fs.readFileSync('src/icons.json', 'utf8'))
      const missing = names.filter(name => !all[name])
      if (missing.length) this.error(`src/icons.json names icons that do not exist: ${missing.join(', ')}`)
      const node = ([tag, attributes]) => {
        const text = Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(' ')
        return `<${tag} ${text}/>`
      }
      const drawn = Object.fromEntries(names.map(name => [name, all[name].map(node).join('')]))
      this.emitFile({ type: 'asset', fileName: 'icons.json', source: JSON.stringify(drawn) })
    }
  }
}

// The parts of the typeface that printed documents are set in, with which characters stand in which; browsers never ask.
function typeface () {
  return {
    name: 'typeface',
    generateBundle () {
      const css = fs.readFileSync(`node_modules/${SERIF}/wght.css`, 'utf8')
      const parts = {}
      for (const [, file, ranges] of css.matchAll(/url\(\.\/files\/([\w-]+\.woff2)\)[^}]*?unicode-range:\s*([^;]+);/g)) {
        parts[file] = ranges
        this.emitFile({ type: 'asset', fileName: `typeface/${file}`, source: fs.readFileSync(`node_modules/${SERIF}/files/${file}`) })
      }
      if (!Object.keys(parts).length) this.error(`${SERIF} has changed its style sheet`)
      this.emitFile({ type: 'asset', fileName: 'typeface/parts.json', source: JSON.stringify(parts) })
    }
  }
}

// The licence texts of everything that ends up inside the wheel travel with it.
function licences () {
  return {
    name: 'licences',
    generateBundle (_options, bundle) {
      const bundled = Object.values(bundle).flatMap(file => Object.keys(file.modules || {}))
        .map(id => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1]).filter(Boolean)
      const names = [...new Set([...REDISTRIBUTED, ...bundled])].sort()
      const text = name => {
        const folder = `node_modules/${name}`
        const file = fs.readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
        if (!file) this.error(`${name} ships no licence text`)
        return `${name}\n\n${fs.readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
      }
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source: names.map(text).join('\n---\n\n') })
    }
  }
}

export default defineConfig({
  base: '/static/dist/',
  plugins: [icons(), typeface(), licences()],
  build: {
    outDir: '../src/city1361/base/ui/static/dist',
    emptyOutDir: true,
    manifest: true,
    // Government desktops still run Chromium 86 to 95 kernels.
    target: ['es2020', 'chrome86', 'firefox86', 'safari14'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: Object.fromEntries(ENTRIES.map(name => [name, `src/${name}.js`])) }
  }
})
