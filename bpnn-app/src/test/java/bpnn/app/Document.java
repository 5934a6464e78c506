package bpnn.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in Markdown: its headings, the links of its text, and the lines of its code. */
record Document(Path file, List<String> lines, Set<String> anchors, List<String> links, List<String> code) {
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?)[ #]*");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|\\b(?:src|srcset|href)=\"([^\"]+)\"");
    private static final Pattern EXTERNAL = Pattern.compile("[a-z]+:.*");

    static Document read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Map<String, Integer> headings = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        List<String> links = new ArrayList<>();
        List<String> code = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                fenced = !fenced;
            } else if (fenced || line.startsWith("    ")) {
                code.add(line.strip());
            } else {
                Matcher heading = HEADING.matcher(line);
                if (heading.matches()) {
                    String anchor = anchor(heading.group(1));
                    int before = headings.merge(anchor, 1, Integer::sum) - 1;
                    anchors.add(before == 0 ? anchor : anchor + "-" + before);
                }
                addLinks(line.replaceAll("`[^`]*`", ""), links);
            }
        }
        return new Document(file, lines, anchors, links, code);
    }

    /** The anchor that a heading gets: small letters, digits and hyphens. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static void addLinks(String text, List<String> links) {
        Matcher link = LINK.matcher(text);
        while (link.find()) {
            links.add(link.group(1) != null ? link.group(1) : link.group(2));
        }
    }

    /** The links that lead nowhere, each as a sentence. */
    List<String> brokenLinks() throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : links) {
            if (EXTERNAL.matcher(link).matches()) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target =
                    parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
            if (!Files.exists(target)) {
                broken.add(file + " links to " + link + ", but there is no such file.");
            } else if (parts.length == 2 && !Document.read(target).anchors.contains(parts[1])) {
                broken.add(file + " links to " + link + ", but that page has no such heading.");
            }
        }
        return broken;
    }

    /** What the lines of code give to the program: each as its words, without what the launcher gives to the JVM. */
    List<List<String>> calls() {
        List<List<String>> calls = new ArrayList<>();
        for (String line : code) {
            if (line.startsWith("./bpnn ")) {
                String call = line.replaceFirst(" +#.*| +&& .*", "").replaceAll("\\$\\(.*\\)", "VALUE");
                List<String> words = new ArrayList<>(List.of(call.split(" +")));
                words.remove(0);
                while (!words.isEmpty() && words.get(0).matches("-[DX].*|--add-.*")) {
                    words.remove(0);
                }
                calls.add(words);
            }
        }
        return calls;
    }
}
