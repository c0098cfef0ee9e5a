# embed(TARGET NAME FILE): a file's bytes as `extern const std::string_view NAME` of namespace
# sekimori::embedded, so that the program is one file. `.incbin` keeps large files cheap to build.
function(embed target name file)
  get_filename_component(path ${file} ABSOLUTE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[
#include <string_view>
asm(".section .rodata\n.balign 16\nsekimori_@name@_begin:\n.incbin \"@path@\"\nsekimori_@name@_end:\n.byte 0\n.previous\n");
extern "C" {
extern const char begin_@name@[] asm("sekimori_@name@_begin");
extern const char end_@name@[] asm("sekimori_@name@_end");
}
namespace sekimori::embedded {
extern const std::string_view @name@;
const std::string_view @name@{begin_@name@, static_cast<std::size_t>(end_@name@ - begin_@name@)};
}  // namespace sekimori::embedded
]])
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS ${path})
  target_sources(${target} PRIVATE ${out})
endfunction()

# embed_folder(TARGET NAME PATTERN): the files that match, by name, as `extern const
# std::span<const File> NAME` (bytes/embedded.h). A file added to the folder is a file more here.
function(embed_folder target name pattern)
  file(GLOB files CONFIGURE_DEPENDS ${pattern})
  list(SORT files)
  set(blobs "")
  set(symbols "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    get_filename_component(leaf ${file} NAME)
    set(symbol ${name}_${number})
    string(APPEND blobs "asm(\".section .rodata\\n.balign 16\\nsekimori_${symbol}_begin:\\n"
                        ".incbin \\\"${file}\\\"\\nsekimori_${symbol}_end:\\n.byte 0\\n"
                        ".previous\\n\");\n")
    string(APPEND symbols "extern const char begin_${symbol}[] asm(\"sekimori_${symbol}_begin\");\n"
                          "extern const char end_${symbol}[] asm(\"sekimori_${symbol}_end\");\n")
    string(APPEND rows "  {\"${leaf}\", {begin_${symbol}, "
                       "static_cast<std::size_t>(end_${symbol} - begin_${symbol})}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_folder_${name}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[
#include "sekimori/bytes/embedded.h"

#include <array>

@blobs@
extern "C" {
@symbols@}
namespace sekimori::embedded {
namespace {
const std::array<File, @number@> files{{
@rows@}};
}  // namespace
extern const std::span<const File> @name@;
const std::span<const File> @name@{files};
}  // namespace sekimori::embedded
]])
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${out})
endfunction()

embed(sekimori_model schema_sql model/schema.sql)
embed(sekimori_model operation_index_sql model/operation_indexes.sql)
embed(sekimori_model subject_index_sql model/subject_indexes.sql)
embed(sekimori_model conversation_index_sql model/conversation_indexes.sql)
embed(sekimori_model derived_index_sql model/derived_indexes.sql)
get_target_property(type sekimori_assess TYPE)
if(NOT type STREQUAL INTERFACE_LIBRARY)
  embed_folder(sekimori_assess checks ${PROJECT_SOURCE_DIR}/rulesets/checks/*.json)
endif()
get_target_property(type sekimori_reconcile TYPE)
if(NOT type STREQUAL INTERFACE_LIBRARY)
  embed_folder(sekimori_reconcile questionnaires ${PROJECT_SOURCE_DIR}/rulesets/questionnaires/*.json)
  embed(sekimori_reconcile form_page reconcile/form/form.html)
  embed(sekimori_reconcile form_style reconcile/form/form.css)
  embed(sekimori_reconcile form_script reconcile/form/form.js)
  embed(sekimori_reconcile risk_policy_json ${PROJECT_SOURCE_DIR}/rulesets/risk.json)
  embed(sekimori_reconcile merge_policy_json ${PROJECT_SOURCE_DIR}/rulesets/merge.json)
endif()
get_target_property(type sekimori_report TYPE)
if(NOT type STREQUAL INTERFACE_LIBRARY)
  embed(sekimori_report words_json report/words.json)
  embed(sekimori_report report_schema_json report/report.schema.json)
  embed(sekimori_report page_template report/web/template.html)
  include(report/web/web.cmake)
  embed(sekimori_report page_style ${page}/page.css)
  embed(sekimori_report page_script ${page}/page.js)
endif()
