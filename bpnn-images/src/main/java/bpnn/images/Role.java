package bpnn.images;

import java.util.regex.Pattern;

/** What a part of a data set is for, by the words that its file or folder is called by. */
enum Role {
    TRAIN(0, "train|training"),
    VALIDATION(1, "valid|validation|val|dev"),
    TEST(2, "test|testing");

    private final int stream;
    private final Pattern whole;
    private final Pattern within;

    Role(int stream, String words) {
        this.stream = stream;
        this.whole = Pattern.compile("(?i)(" + words + ")");
        this.within = Pattern.compile("(?i)(?:.*[^a-z])?(" + words + ")(?:[^a-z].*)?");
    }

    /** Tells apart what is drawn at random for each part. Never change one: the order of pictures depends on it. */
    int stream() {
        return stream;
    }

    boolean isNameOf(String folder) {
        return whole.matcher(folder).matches();
    }

    /** Whether one of the words stands in a name, apart from other words. */
    boolean isNamedIn(String name) {
        return within.matcher(name).matches();
    }
}
