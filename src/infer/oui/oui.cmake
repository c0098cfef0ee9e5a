# The register of MAC blocks, from Debian's ieee-data package into the program.
set(SEKIMORI_OUI_DIR /usr/share/ieee-data CACHE PATH "Folder of oui.csv, mam.csv, oui36.csv")
set(oui_inputs "")
foreach(file IN ITEMS oui.csv mam.csv oui36.csv .lastupdate)
  if(NOT EXISTS ${SEKIMORI_OUI_DIR}/${file})
    message(FATAL_ERROR "${SEKIMORI_OUI_DIR}/${file} is missing: install the package ieee-data")
  endif()
  list(APPEND oui_inputs ${SEKIMORI_OUI_DIR}/${file})
endforeach()

add_executable(sekimori_oui_generate infer/oui/generate.cpp)
target_link_libraries(sekimori_oui_generate PRIVATE sekimori_build)
set(oui_table ${CMAKE_CURRENT_BINARY_DIR}/oui_table.bin)
add_custom_command(
  OUTPUT ${oui_table}
  COMMAND sekimori_oui_generate ${SEKIMORI_OUI_DIR} ${oui_table}
  DEPENDS sekimori_oui_generate ${oui_inputs}
  VERBATIM)
embed(sekimori_infer oui_table ${oui_table})
