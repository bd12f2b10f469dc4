package org.jvmipc.containers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a file may say: types with fields, each of a type, a pattern, or a list of these. A field that is not listed is
 * an error, as the engines refuse it or, worse, pass over it.
 */
final class Schema {

    /**
     * The parts of a Pod that manifests of this project use, by the names and types of the Kubernetes API, v1 ({@code
     * kubectl explain pod --recursive}). An exclamation mark says that the field must be there.
     */
    static final Schema POD = new Schema("""
            Manifest        apiVersion! v1 | kind! Pod | metadata! Metadata | spec! PodSpec
            Metadata        name! @name
            PodSpec         restartPolicy Always|OnFailure|Never | shareProcessNamespace @bool \
            | securityContext PodSecurity | containers! [Container] | volumes [Volume]
            PodSecurity     runAsUser @int | runAsGroup @int | fsGroup @int | runAsNonRoot @bool
            Container       name! @name | image! @text | command [@text] | args [@text] | env [Variable] \
            | securityContext Security | resources Resources | volumeMounts [Mount]
            Variable        name! @text | value! @text
            Security        readOnlyRootFilesystem @bool | allowPrivilegeEscalation @bool | runAsUser @int
            Resources       limits Amounts | requests Amounts
            Amounts         cpu @quantity | memory @quantity
            Mount           name! @name | mountPath! /[^:]* | readOnly @bool | subPath @text
            Volume          name! @name | emptyDir! EmptyDir
            EmptyDir        medium Memory | sizeLimit @quantity
            """);

    private static final Map<String, String> PATTERNS = Map.of(
            "@text", "(?s).+",
            "@bool", "true|false",
            "@int", "\\d+",
            "@name", "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
            "@quantity", "\\d+(\\.\\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?");

    private final Map<String, Map<String, String>> types = new TreeMap<>();

    private Schema(String text) {
        for (String line : text.lines().toList()) {
            String[] typeAndFields = line.strip().split("\\s+", 2);
            Map<String, String> fields = new TreeMap<>();
            for (String field : typeAndFields[1].split(" \\| ")) {
                String[] nameAndType = field.strip().split("\\s+", 2);
                fields.put(nameAndType[0], nameAndType[1]);
            }
            types.put(typeAndFields[0], fields);
        }
    }

    /** All that is wrong, each with its place; empty if nothing is. */
    List<String> problems(Object document, String type) {
        List<String> problems = new ArrayList<>();
        check(document, type, type, problems);
        return problems;
    }

    private void check(Object node, String type, String place, List<String> problems) {
        if (type.startsWith("[")) {
            if (!(node instanceof List<?> list)) {
                problems.add(place + " is no list");
                return;
            }
            for (int i = 0; i < list.size(); i++) {
                check(list.get(i), type.substring(1, type.length() - 1), place + "[" + i + "]", problems);
            }
        } else if (types.containsKey(type)) {
            fields(node, types.get(type), place, problems);
        } else if (node == null || node instanceof List || node instanceof Map
                || !Pattern.matches(PATTERNS.getOrDefault(type, type), node.toString())) {
            problems.add(place + " is " + node + ", which is no " + type);
        }
    }

    private void fields(Object node, Map<String, String> fields, String place, List<String> problems) {
        if (!(node instanceof Map<?, ?> map)) {
            problems.add(place + " has no fields");
            return;
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String type = fields.getOrDefault(entry.getKey() + "!", fields.get(entry.getKey().toString()));
            if (type == null) {
                problems.add(place + "." + entry.getKey() + " is no field");
            } else {
                check(entry.getValue(), type, place + "." + entry.getKey(), problems);
            }
        }
        for (String field : fields.keySet()) {
            if (field.endsWith("!") && !map.containsKey(field.substring(0, field.length() - 1))) {
                problems.add(place + "." + field.substring(0, field.length() - 1) + " is missing");
            }
        }
    }
}
