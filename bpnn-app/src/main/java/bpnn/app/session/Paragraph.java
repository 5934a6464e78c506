package bpnn.app.session;

/** Text that is broken between words. */
public final class Paragraph {
    private Paragraph() {}

    /**
     * Adds lines of at most {@code columns} letters, unless a word is longer.
     *
     * @param head what the first line begins with; the others begin with as many spaces
     */
    public static void append(String head, String words, int columns, StringBuilder text) {
        StringBuilder line = new StringBuilder(head);
        boolean begun = false;
        for (String word : words.split(" ", -1)) {
            if (begun && line.length() + 1 + word.length() > columns) {
                text.append(line.toString().stripTrailing()).append(System.lineSeparator());
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
}
