package bpnn.images;

import java.util.regex.Pattern;

/** Names of classes as they come from folders and files, made fit for a terminal and a page. */
final class ClassName {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
    private static final int LONGEST = 80;

    private ClassName() {}

    static String clean(String text) {
        String plain = CONTROL.matcher(text).replaceAll("?").strip();
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST);
    }
}
