/**
 * Of Scalar only the bundle that browsers load is served, which has everything in it. What its package lists as
 * dependencies, over two hundred packages, is for those who build a page of their own around its parts.
 */
function readPackage(manifest) {
  return manifest.name === "@scalar/api-reference" ? { ...manifest, dependencies: {} } : manifest
}

module.exports = { hooks: { readPackage } }
