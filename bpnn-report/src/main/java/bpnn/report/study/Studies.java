package bpnn.report.study;

import bpnn.report.Study;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The studies that the program offers by name. A new one is added here, and nowhere else. */
public final class Studies {
    /** Those of the article, in the order of the report. */
    public static final List<Study> ARTICLE = List.of(Scaling.STUDY, Dropout.STUDY, BatchNorm.STUDY);

    /** All of them. */
    public static final List<Study> ALL = List.of(Scaling.STUDY, Dropout.STUDY, BatchNorm.STUDY, Augmentation.STUDY);

    private Studies() {}

    /** Their names, in that order. */
    public static List<String> names() {
        return ALL.stream().map(study -> study.experiment().id()).toList();
    }

    /** The study of that name. */
    public static Optional<Study> named(String name) {
        return ALL.stream()
                .filter(study -> study.experiment().id().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
