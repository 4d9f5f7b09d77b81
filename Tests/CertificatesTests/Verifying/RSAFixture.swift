/// An authority and a client with RSA keys, as kubeadm makes them, made once with openssl for a hundred years.
enum RSAFixture {
    /// The authority.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIDHTCCAgWgAwIBAgIUZUXhCbyQptMIU8eQzzKx5ex1p9EwDQYJKoZIhvcNAQEL
        BQAwFTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjEwMjMwMzBaGA8yMTI2
        MTAyODAyMzAzMFowFTETMBEGA1UEAwwKa3ViZXJuZXRlczCCASIwDQYJKoZIhvcN
        AQEBBQADggEPADCCAQoCggEBAICtX7uvCRCNxvbtZ2SWS1it6fZagNgYFPIZgiIV
        6KaC176wogm6z0RAqXooI8K52rCck+fj0NceBJc8lekMG1GOM9sl3qUDLm1PLtco
        THk84u/h85EMg25tHWwmRudNm2vk3TGGWN1Ca5VE8kl8gC4EN/eoZBlVMhkwWyz0
        pWODFJQ1sJ3kHIJAam8EX52gZAf6KJ0neXGuuLLB/sOoCulQO1cAnyUQ5SayKcfD
        eR+8Q0QO7x6DQ7Rm7e963w5Lt1vAF73khkHAiX6T5662Uu2MutSLB9rWMudP181k
        0VSr3KvUNeilQNnZSak18FdReZpj535fJMP2WHmJSGpRznMCAwEAAaNjMGEwHQYD
        VR0OBBYEFCempVGS6//50nF4aawryF1QdM0HMB8GA1UdIwQYMBaAFCempVGS6//5
        0nF4aawryF1QdM0HMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgKkMA0G
        CSqGSIb3DQEBCwUAA4IBAQBPWB+lI4Ql67TKqydmzsBiLKp8sI6nXO7L/I/LrEUC
        c/FTfZuOYcA62ZMSXDVFKARWeMVzDILF/vIVhkzfP8GLOdYha4WxXhbYWy7ezymA
        EJmn0Slbc14xfTf0IAD3QTMuENhNoegiRJIxLbSjYxe65KzkxkZ2SwZW5lpt3HJ6
        z8DIH9wJVhl6x2IKBPEcd4eG93vu+BgyjvIIepb9+OKy/cQJEyUsbZrP4eNTVy+X
        pge+rS7q4EzugxJAKLtB+Uq1ghqqTO8OR7cJf+Kc5DOioWotP9GgzRIRYZTCFXe0
        jsx6ox/71EQKKK4BkBjW+ICL4QtTZugRmVnGaPtIntIw
        -----END CERTIFICATE-----
        """

    /// Its client: CN kubernetes-admin, O system:masters and ops.
    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIDXDCCAkSgAwIBAgIUEI63fJyFFmX5GqZwnj6dLJdHVG4wDQYJKoZIhvcNAQEL
        BQAwFTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjEwMjMwMzBaGA8yMTI2
        MTAyODAyMzAzMFowQjEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDDAKBgNVBAoM
        A29wczEZMBcGA1UEAwwQa3ViZXJuZXRlcy1hZG1pbjCCASIwDQYJKoZIhvcNAQEB
        BQADggEPADCCAQoCggEBAJ3pc+9OU1SG6JiAI2fsrhwzDfBuhophjZ+u2wPYl/42
        R6D6xs+AdLmoSm+KCCA09TQnpJN1zjaKjBXczMS2ZsmuxyPdemkWohstSvmkKbAf
        t7eL4fK9K5w+QFPmS0ePKvlm9DEd6tclLeykisXgBiROnqNrO56Qc+pxJYaKBwKB
        5C9Nvqrul6nxg4VF8DXMY1CY5XQ21zJOCxjlUYZaj7V5lSwfGFzyK3KOY7DJUrB1
        /8Sm6+eOa1atvUtug6F34Wzy8OjuNW/GbBYPnmcmFmCY3Sv7rvNkp0N/qdNQjKkf
        38ahITn74YzxFdQvDck7Mk5clP2qJnkis27zfVOKjAECAwEAAaN1MHMwDgYDVR0P
        AQH/BAQDAgWgMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAwGA1UdEwEB/wQCMAAwHQYD
        VR0OBBYEFDQuCKJQ9KZRDfAgAUesXk+gHKQ8MB8GA1UdIwQYMBaAFCempVGS6//5
        0nF4aawryF1QdM0HMA0GCSqGSIb3DQEBCwUAA4IBAQBZg03WoWMVuH2n58LCosSW
        Pb2xumdaoghjYa9BKvihKwASxCoOME9QzRqJVva5H64sHWJvIqiLiklHw+U6otLS
        rl0wKGRrk/rUA1G4h0y19LYT2EKnfgAKDnshbbsyFtzunB9RT5r1P18JyIoARjsT
        yc/I/AcGgOgqC4H2pNwpzZUMhGgiy8V5X87ObDm0MW5ApgjXjuennnaPxrsjusE1
        XhOldS0mt13+qBN7iSsjAUjBJtUxSuAH7BqYiGlkfBAIp609+OwjT5TnHe9wVDUu
        wqAr8QfzTDRfbnrrmSpBaEsmQACz0CIh9nYnLWkbXZH+BYR56f5yOORKr7HDSh/F
        -----END CERTIFICATE-----
        """
}
