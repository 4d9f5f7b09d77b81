/// The CustomResourceDefinitions of this folder, built into the executable: kubectl and Swell read the same files.
public enum CustomResources {
    /// Each file's YAML, by the file's name.
    public static var files: [String: [UInt8]] {
        [
            "keda.sh_clustertriggerauthentications.yaml": PackageResources.keda_sh_clustertriggerauthentications_yaml,
            "keda.sh_scaledjobs.yaml": PackageResources.keda_sh_scaledjobs_yaml,
            "keda.sh_scaledobjects.yaml": PackageResources.keda_sh_scaledobjects_yaml,
            "keda.sh_triggerauthentications.yaml": PackageResources.keda_sh_triggerauthentications_yaml,
        ]
    }
}
