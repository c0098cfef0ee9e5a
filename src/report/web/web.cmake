# The report page: its packages by the lock file, then one script and one style sheet.
find_program(NPM npm REQUIRED)
find_program(NODE NAMES node nodejs REQUIRED)
set(web ${CMAKE_CURRENT_SOURCE_DIR}/report/web)
set(page ${CMAKE_CURRENT_BINARY_DIR}/page)
file(GLOB sources CONFIGURE_DEPENDS ${web}/src/*)
# npm writes this file when all packages are in place.
set(packages ${web}/node_modules/.package-lock.json)
add_custom_command(
  OUTPUT ${packages}
  COMMAND ${NPM} ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${packages}
  DEPENDS ${web}/package.json ${web}/package-lock.json
  WORKING_DIRECTORY ${web}
  COMMENT "The packages of the report page")
add_custom_command(
  OUTPUT ${page}/page.js ${page}/page.css
  COMMAND ${NODE} ${web}/build.mjs ${page}
  DEPENDS ${packages} ${web}/build.mjs ${web}/package.json ${CMAKE_CURRENT_SOURCE_DIR}/report/words.json ${sources}
  COMMENT "The report page")
